/**
 * A value whose type nobody knows before it runs (an app's hidden output, parsed JSON), so it may be wired anywhere. It is
 * the type TypeScript itself gives to parsed JSON.
 */
export type Untyped = ReturnType<typeof JSON.parse>;

/** `Then` if `T` is {@link Untyped}: that type alone lets 0 through to 1. */
export type IfUntyped<T, Then, Else> = 0 extends 1 & T ? Then : Else;
