export interface NumberLimits {
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  /** No fractions. */
  readonly whole?: boolean;
}

/** Why a typed text is not a number that the control takes, in words; `null`: it is. Empty text means no value. */
export function numberProblem(text: string, { minimum, maximum, whole }: NumberLimits): string | null {
  if (text === "") return null;
  const number = Number(text);
  if (!Number.isFinite(number)) return `“${text}” is not a number.`;
  if (minimum !== undefined && number < minimum) return `The least is ${minimum}.`;
  if (maximum !== undefined && number > maximum) return `The most is ${maximum}.`;
  if (whole && !Number.isInteger(number)) return "A whole number is wanted.";
  return null;
}
