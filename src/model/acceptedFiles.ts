import type { ComponentSpec } from "./component.js";
import type { Json } from "./json.js";

/** What a file component takes: a value for `accept`, and in words. */
export function accepted({ component, props }: ComponentSpec): { readonly types: string; readonly words: string } {
  switch (component) {
    case "Image":
      return { types: "image/*", words: "an image" };
    case "Gallery":
      return { types: "image/*,video/*", words: "images" };
    case "ImageSlider":
      return { types: "image/*", words: "two images" };
    case "Audio":
      return { types: "audio/*", words: "an audio file" };
    case "Video":
      return { types: "video/*", words: "a video" };
    case "Model3D":
      return { types: ".glb,.gltf,.obj,.stl,.splat,.ply", words: "a 3D model" };
    default: {
      const types = fileTypes(props.fileTypes);
      const many = props.fileCount === "multiple" || props.fileCount === "directory";
      return { types: types.join(","), words: many ? "files" : "a file" };
    }
  }
}

export function takesSeveral({ component, props }: ComponentSpec): boolean {
  if (component === "Gallery" || component === "ImageSlider") return true;
  return props.fileCount === "multiple" || props.fileCount === "directory";
}

/** Whether a file is of a kind that the component takes. `type` is its media type; empty where nobody knows. */
export function accepts(spec: ComponentSpec, file: { readonly name: string; readonly type: string }): boolean {
  const types = accepted(spec)
    .types.split(",")
    .filter((type) => type !== "");
  if (types.length === 0) return true;
  return types.some((type) => {
    if (type.startsWith(".")) return file.name.toLowerCase().endsWith(type.toLowerCase());
    if (type.endsWith("/*")) return file.type.startsWith(type.slice(0, -1));
    return file.type === type;
  });
}

/** Gradio's `fileTypes`: endings, or the words image, audio, video, text. */
function fileTypes(given: Json | undefined): string[] {
  if (!Array.isArray(given)) return [];
  return (given as readonly Json[]).flatMap((type) => {
    if (typeof type !== "string" || type === "file") return [];
    return [["image", "audio", "video", "text"].includes(type) ? `${type}/*` : type];
  });
}
