/** Shared by the build, the editor and svelte-check. TypeScript is stripped by Svelte itself. */
export default {};
