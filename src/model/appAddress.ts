/** What an http(s) address says before its host, its last `@` being the one that ends it. */
const LOGIN = /^(https?:\/\/)([^/?#\\]*)@/i;

/** An app as its author wrote it, a Space or an address, without the password that the address may hold. */
export function withoutPassword(space: string): string {
  return space.replace(LOGIN, (_all, scheme: string, login: string) => `${scheme}${login.replace(/:.*$/s, "")}@`);
}

/** The same without the user, too: for showing. */
export function withoutLogin(space: string): string {
  return space.replace(LOGIN, "$1");
}
