/**
 * Models through Hugging Face Inference Providers: one writes, one paints what was written. Needs a network and a token
 * (`Daggr: Sign In to Hugging Face`, or HF_TOKEN in the environment).
 */
import { FnNode, Graph, InferenceNode, gr } from "daggr";

const writer = new InferenceNode("meta-llama/Llama-3.1-8B-Instruct", {
  task: "chat",
  name: "Writer",
  inputs: {
    prompt: gr.Textbox({
      label: "Ask for a scene",
      value: "Describe, in one sentence, a small observatory on a cliff at night.",
      lines: 3,
    }),
  },
  outputs: { scene: gr.Textbox({ label: "Scene", lines: 4 }) },
});

/** Turns the writer's sentence into a prompt in the chosen style. */
function direct({ scene, style }: { scene: string; style: string }): string {
  return `${scene.trim()} Drawn as ${style}.`;
}

const director = new FnNode(direct, {
  name: "Director",
  inputs: {
    scene: writer.scene,
    style: gr.Dropdown({
      label: "Style",
      choices: ["a woodcut", "a watercolour", "a technical blueprint"],
      value: "a woodcut",
    }),
  },
  outputs: { prompt: gr.Textbox({ label: "Prompt" }) },
});

const painter = new InferenceNode("black-forest-labs/FLUX.1-schnell", {
  task: "text-to-image",
  name: "Painter",
  inputs: { prompt: director.prompt },
  outputs: { image: gr.Image({ label: "Picture" }) },
});

export default new Graph({ name: "From a sentence to a picture", nodes: [painter] });
