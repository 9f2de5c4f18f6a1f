import type { FilePath } from "../filePath.js";
import type { Sized, WithValue } from "./options.js";

export interface ImageOptions extends WithValue<FilePath>, Sized {
  readonly sources?: readonly ("upload" | "webcam" | "clipboard")[];
  readonly format?: string;
  readonly imageMode?: "1" | "L" | "P" | "RGB" | "RGBA" | "CMYK" | "YCbCr" | "LAB" | "HSV" | "I" | "F" | null;
  /** What Gradio hands to its functions; workflow code gets a path in any case. */
  readonly type?: "numpy" | "pil" | "filepath";
  readonly mirrorWebcam?: boolean;
  readonly placeholder?: string;
  readonly showDownloadButton?: boolean;
  readonly showFullscreenButton?: boolean;
  readonly showShareButton?: boolean;
}

export interface ImageSliderOptions extends WithValue<Readonly<ImagePair>>, Sized {
  readonly format?: string;
  readonly imageMode?: string | null;
  readonly type?: "numpy" | "pil" | "filepath";
  readonly maxHeight?: number;
  /** Where the divider stands, in percent. */
  readonly sliderPosition?: number;
  readonly showDownloadButton?: boolean;
  readonly showFullscreenButton?: boolean;
}

/** Two pictures to compare. */
export type ImagePair = [before: FilePath, after: FilePath];

export interface AudioOptions extends WithValue<FilePath> {
  readonly sources?: readonly ("upload" | "microphone")[];
  readonly type?: "numpy" | "filepath";
  readonly format?: "wav" | "mp3" | null;
  readonly autoplay?: boolean;
  readonly loop?: boolean;
  readonly editable?: boolean;
  readonly recording?: boolean;
  /** Seconds. */
  readonly minLength?: number;
  /** Seconds. */
  readonly maxLength?: number;
  readonly waveformOptions?: Readonly<Record<string, string | number | boolean>>;
  readonly showDownloadButton?: boolean;
  readonly showShareButton?: boolean;
}

export interface VideoOptions extends WithValue<FilePath>, Sized {
  readonly sources?: readonly ("upload" | "webcam")[];
  readonly format?: string | null;
  readonly autoplay?: boolean;
  readonly loop?: boolean;
  readonly includeAudio?: boolean;
  readonly mirrorWebcam?: boolean;
  /** Seconds. */
  readonly minLength?: number;
  /** Seconds. */
  readonly maxLength?: number;
  readonly showDownloadButton?: boolean;
  readonly showShareButton?: boolean;
}

export interface Model3DOptions extends WithValue<FilePath> {
  readonly height?: number | string;
  readonly displayMode?: "solid" | "point_cloud" | "wireframe";
  readonly clearColor?: readonly [number, number, number, number];
  /** Alpha and beta in degrees, radius in units. */
  readonly cameraPosition?: readonly [number | null, number | null, number | null];
  readonly zoomSpeed?: number;
  readonly panSpeed?: number;
}

export interface FileOptions<Count extends FileCount> extends WithValue<
  Count extends "single" ? FilePath : readonly FilePath[]
> {
  /** `multiple` and `directory` give an array of paths. Default `single`. */
  readonly fileCount?: Count;
  /** Extensions (`.csv`) or kinds (`image`). */
  readonly fileTypes?: readonly string[] | null;
  readonly type?: "filepath" | "binary";
  readonly height?: number | string;
  readonly allowReordering?: boolean;
}

export type FileCount = "single" | "multiple" | "directory";

export type FilesOf<Count extends FileCount> = Count extends "single" ? FilePath : FilePath[];

export interface GalleryOptions extends WithValue<GalleryItems>, Sized {
  readonly fileTypes?: readonly string[] | null;
  readonly format?: string;
  readonly columns?: number | readonly number[];
  readonly rows?: number | readonly number[];
  readonly allowPreview?: boolean;
  readonly preview?: boolean;
  readonly selectedIndex?: number;
  readonly objectFit?: "contain" | "cover" | "fill" | "none" | "scale-down";
  readonly type?: "numpy" | "pil" | "filepath";
  readonly showDownloadButton?: boolean;
  readonly showFullscreenButton?: boolean;
  readonly showShareButton?: boolean;
}

/** Pictures or videos, with captions where there are any. */
export type GalleryItems = readonly (FilePath | readonly [file: FilePath, caption: string | null])[];

/** What is shown as such: also pictures with captions as TypeScript types a literal that a function returns. */
export type GalleryInput = GalleryItems | readonly (FilePath | readonly (string | null)[])[];
