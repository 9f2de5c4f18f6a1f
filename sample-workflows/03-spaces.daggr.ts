/**
 * Two Spaces on the Hugging Face Hub: one paints a picture, the other cuts its subject out. Needs a network. Sign in
 * (`Daggr: Sign In to Hugging Face`) to run on your own quota.
 */
import { GradioNode, Graph, gr } from "daggr";

const image = new GradioNode("hf-applications/Z-Image-Turbo", {
  apiName: "/generate_image",
  inputs: {
    prompt: gr.Textbox({ label: "Prompt", value: "A cheetah in the grassy savanna.", lines: 3 }),
    height: 1024,
    width: 1024,
    seed: () => Math.floor(Math.random() * 1e9),
  },
  outputs: { image: gr.Image({ label: "Image" }) },
});

const cutout = new GradioNode("hf-applications/background-removal", {
  apiName: "/image",
  inputs: { image: image.image },
  // The Space gives the picture before and after; only the second is wanted.
  postprocess: (_original, final) => final,
  outputs: { image: gr.Image({ label: "Final image" }) },
});

export default new Graph({ name: "Transparent background generator", nodes: [image, cutout] });
