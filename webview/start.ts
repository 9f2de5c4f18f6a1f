/**
 * What takes longest to get going: the layout's worker. A small module of its own that the page loads beside the canvas, so that
 * the worker starts while the canvas is still on its way.
 */
import { Layouter } from "./layout/elk.js";

export const layouter = new Layouter(import.meta.url.replace(/[^/]*$/, ""));
