export interface AppAddress {
  /** Without user, password and trailing slash. */
  readonly url: string;
  readonly login: readonly [user: string, password: string] | null;
}

/**
 * An app's address as it is written: its user and password are the app's login.
 *
 * @throws TypeError for what is no address
 */
export function appAddress(written: string): AppAddress {
  const url = new URL(written);
  const { username, password } = url;
  url.username = url.password = url.hash = "";
  const login = username === "" ? null : ([decoded(username), decoded(password)] as const);
  return { url: url.href.replace(/\/+$/, ""), login };
}

/** A `%` that encodes nothing stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
