/** An answer of the local API. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  /** Milliseconds. */
  readonly duration: number;
}

/** Calls the API. Throws with the answer's beginning when it is not 200. */
export async function call(url: string): Promise<Answer> {
  const began = Date.now();
  const response = await fetch(url);
  const text = await response.text();
  if (response.status !== 200)
    throw new Error(`GET ${url} answered ${response.status}: ${text.slice(0, 500)}`);
  return { status: response.status, text, duration: Date.now() - began };
}
