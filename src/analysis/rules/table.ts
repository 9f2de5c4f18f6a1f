import { anonymousNode } from "./anonymousNode.js";
import { appEndpoint } from "./appEndpoint.js";
import { cycle } from "./cycle.js";
import { duplicateId } from "./duplicateId.js";
import { functionInputs } from "./functionInputs.js";
import { gatherOfSingle } from "./gatherOfSingle.js";
import { graphExport } from "./graphExport.js";
import { imports } from "./imports.js";
import { modelInputs } from "./modelInputs.js";
import { modelOutputs } from "./modelOutputs.js";
import { nodeWithoutPort } from "./nodeWithoutPort.js";
import { portNameCollision } from "./portNameCollision.js";
import type { Rule } from "./rule.js";
import { unknownNode } from "./unknownNode.js";
import { unknownPort } from "./unknownPort.js";
import { unusedNode } from "./unusedNode.js";

export const RULES: readonly Rule[] = [
  graphExport,
  imports,
  duplicateId,
  anonymousNode,
  nodeWithoutPort,
  unknownNode,
  unknownPort,
  portNameCollision,
  functionInputs,
  appEndpoint,
  modelInputs,
  modelOutputs,
  cycle,
  gatherOfSingle,
  unusedNode,
];
