/** Hosts of Hugging Face itself, and those below them. */
const ownHosts = ["huggingface.co", "hf.co", "hf.space"];

/**
 * Whether a request to this address may carry the Hugging Face token: over https to one of Hugging Face's hosts, or to the
 * endpoint that the user configured.
 *
 * @param endpoint where the Hub is, as in {@link HuggingFaceAccess}
 */
export function mayCarryToken(url: string | URL, endpoint: string): boolean {
  const target = URL.parse(String(url));
  if (!target) return false;
  if (target.origin === URL.parse(endpoint)?.origin) return true;
  const { protocol, hostname } = target;
  return protocol === "https:" && ownHosts.some((host) => hostname === host || hostname.endsWith(`.${host}`));
}
