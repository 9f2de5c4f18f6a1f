import { ts } from "ts-morph";
import type { AppSchema } from "../../model/appSchema.js";
import { message } from "../diagnostics.js";
import type { Finding } from "../finding.js";
import type { Modules } from "../modules.js";
import type { Place } from "../place.js";
import { nearest, renameFix } from "../suggestion.js";
import type { WorkflowNode } from "../workflow.js";
import { lacking, surplus } from "./functionInputs.js";
import type { Rule } from "./rule.js";

/** A Gradio node names an endpoint that its app has, and gives it what it takes; as far as the app is known. */
export const appEndpoint: Rule = ({ nodes, modules }) =>
  nodes.flatMap((node) => check(node, modules).map((finding) => ({ ...finding, severity: "warning" as const })));

function check(node: WorkflowNode, modules: Modules): Finding[] {
  const { target, untold, inputs, code } = node.reading;
  if (target.kind !== "gradio" || untold || !target.validate || typeof target.apiName === "number") return [];
  const app = modules.app(target.space);
  if (!app) return [];
  const endpoint = Object.hasOwn(app.endpoints, target.apiName) ? app.endpoints[target.apiName] : undefined;
  if (!endpoint) return [unknownEndpoint(node, target, app)];
  // What `preprocess` makes of the inputs is what the endpoint gets.
  if (code.preprocess !== undefined) return [];
  const called = `\`${target.apiName}\``;
  const names = endpoint.parameters.map(({ name }) => name);
  const given = new Set(inputs.ports.map(({ name }) => name));
  const missing = endpoint.parameters.filter(({ name, required }) => required && !given.has(name));
  const open = missing.map(({ name }) => name);
  return [
    ...inputs.ports
      .filter(({ name }) => !names.includes(name))
      .map((port) => surplus(port, called, [...open, ...names])),
    ...missing.map(({ name }) => lacking(node, called, name, modules)),
  ];
}

function unknownEndpoint(
  node: WorkflowNode,
  { space, apiName }: { readonly space: string; readonly apiName: string | number },
  { endpoints }: AppSchema,
): Finding {
  const names = Object.keys(endpoints);
  const meant = nearest(String(apiName), names);
  const { module, expression } = node.reading.site;
  const written = writtenEndpoint(expression);
  const at: Place = { module, node: written ?? expression };
  const fixes = written && meant !== null ? [renameFix(meant, at, JSON.stringify(meant))] : undefined;
  // Without what an address says before its host: a login is nobody's to read.
  const app = space.replace(/^(https?:\/\/)[^/@]*@/i, "$1");
  return { ...message("unknown-endpoint", app, String(apiName), names, meant), at, ...(fixes && { fixes }) };
}

/** The text after `apiName:`, where it stands in the node itself. */
function writtenEndpoint(expression: ts.Expression): ts.Node | null {
  const options = ts.isNewExpression(expression) ? expression.arguments?.[1] : undefined;
  if (!options || !ts.isObjectLiteralExpression(options)) return null;
  const property = options.properties.find(
    (each) => each.name && ts.isIdentifier(each.name) && each.name.text === "apiName",
  );
  return property && ts.isPropertyAssignment(property) && ts.isStringLiteralLike(property.initializer)
    ? property.initializer
    : null;
}
