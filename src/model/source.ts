/** A place in a text. Lines and columns count from 1, columns in UTF-16 code units, as editors print them. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A stretch of a file; `end` is exclusive. */
export interface SourceRange {
  /** Absolute path. */
  readonly file: string;
  readonly start: Position;
  readonly end: Position;
}
