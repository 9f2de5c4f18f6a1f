/**
 * Calls a Gradio app on this machine. Start it first, in a terminal: `npm run sample-app` (it installs Gradio on first
 * use and listens on http://127.0.0.1:7860). Then press Run all.
 */
import { writeFile } from "node:fs/promises";
import { FnNode, GradioNode, Graph, gr, type FnContext } from "daggr";
import { encodePng } from "./landscape/png";

const APP = "http://127.0.0.1:7860";

/** Rings in the water: something to draw when there is no picture at hand. */
async function drawRings({ drops }: { drops: number }, { outputFile }: FnContext): Promise<string> {
  const file = outputFile("rings.png");
  const centres = Array.from({ length: drops }, (_, drop) => ({
    x: (drop * 197 + 120) % 640,
    y: (drop * 131 + 90) % 420,
  }));
  const image = encodePng(640, 420, (x, y) => {
    const wave = centres.reduce((sum, centre) => sum + Math.cos(Math.hypot(x - centre.x, y - centre.y) / 9), 0) / drops;
    const light = Math.round(128 + 110 * wave);
    return [Math.round(light * 0.55), Math.round(light * 0.8), light];
  });
  await writeFile(file, image);
  return file;
}

const rings = new FnNode(drawRings, {
  inputs: { drops: gr.Slider({ label: "Drops", minimum: 1, maximum: 7, step: 1, value: 3 }) },
  outputs: { picture: gr.Image({ label: "Picture" }) },
});

const pencil = new GradioNode(APP, {
  apiName: "/pencil",
  inputs: {
    image: rings.picture,
    softness: gr.Slider({ label: "Softness", minimum: 1, maximum: 30, value: 8 }),
  },
  outputs: { sketch: gr.Image({ label: "Sketch" }), note: gr.Textbox({ label: "Note" }) },
});

const tint = new GradioNode(APP, {
  apiName: "/tint",
  inputs: { image: pencil.sketch, colour: gr.ColorPicker({ label: "Colour", value: "#27496d" }) },
  outputs: { picture: gr.Image({ label: "Tinted" }) },
});

export default new Graph({ name: "Pencil and paint", nodes: [rings, pencil, tint] });
