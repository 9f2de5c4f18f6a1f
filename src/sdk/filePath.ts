declare const file: unique symbol;

/**
 * An absolute path to a file: what image, audio, video, 3D, file and gallery values are inside workflow code. An ordinary
 * string at run time; the mark only lets editors say which strings are files, so plain strings may stand for it and it for them.
 */
export type FilePath = string & { readonly [file]?: true };
