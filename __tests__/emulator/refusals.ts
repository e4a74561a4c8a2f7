interface Refusals {
  /** Requests that AWS's models do not allow. */
  readonly refused: readonly unknown[];
  /** Requests whose operation no model knows. */
  readonly unknown: readonly string[];
  /** Members that are excepted from validation, and that no request needed. */
  readonly unusedExceptions: readonly string[];
}

/** What the emulator refused since its start, and exceptions that nothing needed; none of them is expected. */
export async function refusalsOf(endpoint: string): Promise<Refusals> {
  const response = await fetch(`${endpoint}/moto-api/overlay/refusals`);
  return (await response.json()) as Refusals;
}

export const NO_REFUSALS: Refusals = { refused: [], unknown: [], unusedExceptions: [] };
