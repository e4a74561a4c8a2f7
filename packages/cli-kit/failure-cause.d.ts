/**
 * Why a program failed, in one line without values of variables, from its output: a full disk, no network, a proxy that does
 * not answer, or a Python without venv or pip. Undefined if the output shows none of these.
 */
export function failureCause(
  output: string,
  env?: Readonly<Record<string, string | undefined>>,
): string | undefined;
