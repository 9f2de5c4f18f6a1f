/** What is wrong with the shape of a Hugging Face access token, in a sentence; `null`: nothing. */
export function tokenProblem(text: string): string | null {
  const token = text.trim();
  if (token === "") return "Paste an access token, or press Escape.";
  if (token.startsWith("api_")) return "This is a token of the old kind (api_…). Make a new one; it begins with hf_.";
  if (!/^hf_[A-Za-z0-9_-]{8,}$/.test(token))
    return "A Hugging Face token begins with hf_ and has only letters and digits.";
  return null;
}
