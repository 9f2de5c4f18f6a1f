/** The compiler inside ts-morph: the one the analysis has anyway, without ts-morph around it. */
declare module "@ts-morph/common/dist/typescript.js" {
  import ts from "typescript";
  export default ts;
}
