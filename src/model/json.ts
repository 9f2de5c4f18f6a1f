/** Anything JSON can say. `undefined` never occurs: an absent value is `null` or an absent key. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: Json;
}
