/**
 * The Space that an address is the page of, as the browser's address bar has it: its id.
 *
 * @param endpoint where the Hub is
 */
export function pageOfSpace(address: string, endpoint: string): string | undefined {
  const url = URL.parse(address);
  const isHub = url?.origin === URL.parse(endpoint)?.origin || url?.hostname === "huggingface.co";
  return isHub ? /^\/spaces\/([\w.-]+\/[\w.-]+)/.exec(url?.pathname ?? "")?.[1] : undefined;
}
