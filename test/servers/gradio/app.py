"""A real Gradio app with one endpoint for every shape of answer that the Gradio client must cope with.

Binds a free port on loopback and prints one JSON line, {"port": N}, once it answers.
Options: --user NAME --password WORD   ask for a login
         --port N                      instead of a free one
"""

import argparse
import json
import os
import socket
import tempfile
import time
from pathlib import Path

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")

import gradio.component_meta  # noqa: E402
import gradio as gr  # noqa: E402  (reads its environment on import)
import numpy as np  # noqa: E402
from gradio.components.base import Component  # noqa: E402
from gradio.data_classes import FileData, GradioModel, GradioRootModel  # noqa: E402
from PIL import Image, ImageOps  # noqa: E402

SAMPLE_RATE = 16_000


def echo(text: str) -> str:
    return text


def two(text: str, number: float) -> tuple[str, float]:
    return text.upper(), number * 2


def items(count: float, prefix: str) -> list[dict[str, object]]:
    """One output whose value is a list: it must arrive as one value, never spread."""
    return [{"index": i, "text": f"{prefix} {i}"} for i in range(int(count))]


def invert(image: Image.Image) -> Image.Image:
    return ImageOps.invert(image.convert("RGB"))


def tone(frequency: float, seconds: float) -> tuple[int, np.ndarray]:
    time_axis = np.arange(int(SAMPLE_RATE * seconds)) / SAMPLE_RATE
    return SAMPLE_RATE, (np.sin(2 * np.pi * frequency * time_axis) * 0.3 * 32767).astype(np.int16)


def loudness(audio: tuple[int, np.ndarray]) -> dict[str, float]:
    rate, samples = audio
    return {"rate": rate, "seconds": len(samples) / rate, "peak": float(np.abs(samples).max())}


def describe_file(path: str) -> dict[str, object]:
    """What the server really received: tells a truncated or garbled upload from a good one."""
    content = Path(path).read_bytes()
    return {"name": Path(path).name, "size": len(content), "head": content[:16].hex()}


def describe_files(paths: list[str] | None) -> list[dict[str, object]]:
    return [describe_file(path) for path in paths or []]


def write_file(text: str, kind: str, request_dir: Path) -> str:
    path = request_dir / f"note.{kind}"
    path.write_text(text, encoding="utf-8")
    return str(path)


def gallery(count: float) -> list[tuple[Image.Image, str]]:
    return [(Image.new("RGB", (48, 32), (40 * i % 256, 90, 160)), f"tile {i}") for i in range(int(count))]


def gallery_names(pictures: list[tuple[object, str | None]] | None) -> list[dict[str, object]]:
    return [{"width": int(np.asarray(picture).shape[1]), "caption": caption} for picture, caption in pictures or []]


def say(message: dict) -> dict[str, object]:
    return {"text": message["text"], "sizes": [Path(path).stat().st_size for path in message["files"]]}


def talk(history: list[dict]) -> list[dict]:
    """Answers with the last picture that the history holds."""
    paths = [part["path"] for turn in history for part in as_parts(turn["content"]) if isinstance(part, dict) and "path" in part]
    paths += [part["file"]["path"] for turn in history for part in as_parts(turn["content"]) if isinstance(part, dict) and "file" in part]
    return [*history, {"role": "assistant", "content": gr.Image(paths[-1]) if paths else "no picture"}]


def as_parts(content: object) -> list[object]:
    return list(content) if isinstance(content, (list, tuple)) else [content]


def slow(steps: float, seconds: float, progress: gr.Progress = gr.Progress()) -> str:  # noqa: B008  (Gradio's own idiom)
    total = int(steps)
    progress((0, total), desc="starting")
    for step in range(total):
        time.sleep(seconds / total)
        progress((step + 1, total), desc=f"step {step + 1}")
    return f"done after {total} steps"


def count_up(count: float, seconds: float):
    """Streams: every value is a partial result, the last one is the answer."""
    for i in range(1, int(count) + 1):
        time.sleep(seconds / count)
        yield " ".join(str(n) for n in range(1, i + 1))


def fail(message: str) -> str:
    raise gr.Error(message or "This endpoint always fails.")


def crash(text: str) -> str:
    raise ValueError(f"internal detail about {text}")


def whoami(request: gr.Request) -> dict[str, object]:
    return {"user": request.username, "authorization": request.headers.get("authorization")}


def build(files: Path) -> gr.Blocks:
    with gr.Blocks(title="Endpoints") as app:
        def endpoint(name, function, inputs, outputs, **options):
            gr.Button(name).click(function, inputs, outputs, api_name=name, **options)

        text, number, count, seconds = gr.Textbox(label="text"), gr.Number(2, label="number"), gr.Number(3, label="count"), gr.Number(1, label="seconds")
        text_out, number_out, json_out = gr.Textbox(label="text_out"), gr.Number(label="number_out"), gr.JSON(label="json_out")
        image, image_out = gr.Image(type="pil", label="image"), gr.Image(label="image_out", format="png")
        audio, audio_out = gr.Audio(label="audio"), gr.Audio(label="audio_out")
        file, files_in, file_out = gr.File(label="file"), gr.File(label="files", file_count="multiple"), gr.File(label="file_out")
        video, video_out = gr.Video(label="video"), gr.Video(label="video_out")
        gallery_out = gr.Gallery(label="gallery_out", format="png")
        kind = gr.Dropdown(["txt", "csv", "json", "obj"], value="txt", label="kind")

        endpoint("echo", echo, [text], [text_out], concurrency_limit=8)
        endpoint("two", two, [text, number], [text_out, number_out])
        endpoint("items", items, [count, text], [json_out])
        endpoint("invert", invert, [image], [image_out])
        endpoint("tone", tone, [number, seconds], [audio_out])
        endpoint("loudness", loudness, [audio], [json_out])
        endpoint("video", lambda path: path, [video], [video_out])
        endpoint("describe_file", describe_file, [file], [json_out])
        endpoint("describe_files", describe_files, [files_in], [json_out])
        endpoint("write_file", lambda text, kind: write_file(text, kind, files), [text, kind], [file_out])
        endpoint("gallery", gallery, [count], [gallery_out])
        # One at a time: a second caller waits in the queue and sees its place.
        endpoint("slow", slow, [count, seconds], [text_out], concurrency_limit=1, concurrency_id="slow")
        endpoint("count_up", count_up, [count, seconds], [text_out])
        endpoint("fail", fail, [text], [text_out])
        endpoint("crash", crash, [text], [text_out])
        endpoint("whoami", whoami, [], [json_out])
        # Values that hold files somewhere inside, sessions, and calls that don't queue.
        endpoint("gallery_names", gallery_names, [gr.Gallery(label="pictures", type="numpy")], [json_out])
        endpoint("compare", lambda pair: pair, [gr.ImageSlider(label="pair", type="filepath")], [gr.ImageSlider(label="pair_out")])
        endpoint("say", say, [gr.MultimodalTextbox(label="message")], [json_out])
        endpoint("talk", talk, [gr.Chatbot(label="history")], [gr.Chatbot(label="history_out")])
        endpoint("sketch", lambda drawing: drawing["composite"], [gr.ImageEditor(label="drawing", type="filepath")], [image_out])
        endpoint("table", lambda table: table.iloc[:, ::-1], [gr.Dataframe(label="table")], [gr.Dataframe(label="table_out")])
        endpoint("counted", lambda text, seen: (f"{text} {seen}", seen + 1), [text, gr.State(7)], [text_out, gr.State(0)])
        endpoint("between", lambda text, seen, number: f"{text} {seen} {number}", [text, gr.State(7), number], [text_out])
        endpoint("update", lambda: (gr.update(value="new", visible=False), gr.Textbox(label="only a label")), [], [text_out, gr.Textbox()])
        endpoint("direct", lambda text: text.upper(), [text], [text_out], queue=False)
        endpoint("direct_fail", fail, [text], [text_out], queue=False)
        endpoint("many_files", lambda: [write_file("a", "txt", files), write_file("b", "csv", files)], [], [gr.File(label="many", file_count="multiple")])
        # Components of others' making.
        endpoint("scan_sizes", sizes_in, [ScanView(label="scan")], [json_out])
        endpoint("pages_sizes", sizes_in, [PagesView(label="pages")], [json_out])
        endpoint("any_sizes", sizes_in, [Anything(label="anything")], [json_out])
        endpoint("json_sizes", sizes_in, [gr.JSON(label="value")], [json_out])
        endpoint("scan", lambda text: Scan(image=written(text, files), label=text, pages=[written(text, files)]), [text], [ScanView(label="scan_out")])
        endpoint("any_files", lambda text: {"image": written(text, files).model_dump()}, [text], [Anything(label="any_out")])
        endpoint("reverse", lambda text: text[::-1], [text], [text_out])
    return app


# Gradio writes a file of types beside the source of every component; these need none.
gradio.component_meta.create_or_modify_pyi = lambda *_: None


class Scan(GradioModel):
    image: FileData
    depth: FileData | None = None
    label: str = ""
    pages: list[FileData] = []


class Pages(GradioRootModel):
    root: list[FileData]


class Custom(Component):
    """What components of others' making have in common: a data model of their own, and no name that clients know."""

    EVENTS = ["change"]

    def preprocess(self, payload):
        return payload

    def postprocess(self, value):
        return value

    def example_payload(self):
        return None

    def example_value(self):
        return None

    def api_info(self):
        return super().api_info() if self.data_model else {"type": {}, "description": "anything"}


class ScanView(Custom):
    data_model = Scan


class PagesView(Custom):
    data_model = Pages


class Anything(Custom):
    data_model = None


def sizes_in(value: object) -> object:
    """The value with the size and name in place of every file that has really arrived."""
    if isinstance(value, (GradioModel, GradioRootModel)):
        value = value.model_dump()
    if isinstance(value, dict):
        if value.get("meta", {}).get("_type") == "gradio.FileData":
            return [Path(value["path"]).stat().st_size, value["orig_name"]]
        return {key: sizes_in(each) for key, each in value.items()}
    return [sizes_in(each) for each in value] if isinstance(value, list) else value


def written(text: str, request_dir: Path) -> FileData:
    return FileData(path=write_file(text, "txt", request_dir), orig_name=f"{text}.txt")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--user")
    parser.add_argument("--password")
    parser.add_argument("--port", type=int, default=0)
    options = parser.parse_args()

    files = Path(os.environ.get("GRADIO_TEMP_DIR") or tempfile.gettempdir()) / f"written-{os.getpid()}"
    files.mkdir(parents=True, exist_ok=True)
    app = build(files).queue(default_concurrency_limit=4)
    _, url, _ = app.launch(
        server_name="127.0.0.1",
        server_port=options.port or free_port(),
        auth=(options.user, options.password) if options.user else None,
        allowed_paths=[str(files)],
        prevent_thread_lock=True,
        quiet=True,
        share=False,
        enable_monitoring=False,
        ssr_mode=False,
        show_error=True,
    )
    print(json.dumps({"port": int(url.rstrip("/").rsplit(":", 1)[1])}), flush=True)
    app.block_thread()


if __name__ == "__main__":
    main()
