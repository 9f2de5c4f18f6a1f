"""A small Gradio app for 02-local-app.daggr.ts: two picture effects that need no model and no network.

Start it with `npm run sample-app`, or, with Gradio installed, `python sample-workflows/local-app/app.py`.
"""

import gradio as gr
import numpy as np
from PIL import Image, ImageFilter, ImageOps


def pencil(image: Image.Image, softness: float, progress: gr.Progress = gr.Progress()) -> tuple[Image.Image, str]:
    """Redraw a picture in pencil, and say how much of the paper it covers."""
    progress(0.1, desc="looking")
    grey = ImageOps.grayscale(image)
    progress(0.4, desc="sketching")
    blurred = np.asarray(ImageOps.invert(grey).filter(ImageFilter.GaussianBlur(softness)), dtype=float)
    drawn = np.minimum(255, np.asarray(grey, dtype=float) * 255 / np.maximum(1, 255 - blurred))
    progress(0.9, desc="blowing off the dust")
    covered = float((drawn < 200).mean())
    return Image.fromarray(drawn.astype("uint8")), f"{covered:.0%} of the paper is covered"


def tint(image: Image.Image, colour: str) -> Image.Image:
    """Wash a picture with one colour."""
    return ImageOps.colorize(ImageOps.grayscale(image), black=colour, white="#fffaf0")


with gr.Blocks(title="Pencil and paint") as app:
    gr.Markdown("# Pencil and paint\nCall `/pencil` and `/tint` from a workflow, or try them here.")
    with gr.Row():
        picture = gr.Image(type="pil", label="Picture")
        with gr.Column():
            softness = gr.Slider(1, 30, value=8, label="Softness")
            colour = gr.ColorPicker(value="#27496d", label="Colour")
    with gr.Row():
        sketch = gr.Image(type="pil", label="Sketch")
        washed = gr.Image(type="pil", label="Washed")
    note = gr.Textbox(label="Note")
    gr.Button("Draw").click(pencil, [picture, softness], [sketch, note], api_name="pencil")
    gr.Button("Paint").click(tint, [picture, colour], washed, api_name="tint")

if __name__ == "__main__":
    app.queue().launch(server_name="127.0.0.1", server_port=7860)
