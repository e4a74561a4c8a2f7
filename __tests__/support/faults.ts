/** Fails with the faults as its message, one per line. Each names the change and the file, so no lists are compared. */
export function expectNoFaults(faults: readonly string[]): void {
  if (faults.length === 0) return;
  const error = new Error(faults.join("\n"));
  Error.captureStackTrace(error, expectNoFaults);
  throw error;
}

/**
 * Why a generated file differs from its generator's output, with the first different line; undefined if it does not.
 */
export function staleFault(
  { file, content, command }: { readonly file: string; readonly content: string; readonly command: string },
  generated: string,
): string | undefined {
  if (content === generated) return undefined;
  const [old, current] = [content.split("\n"), generated.split("\n")];
  const index = current.findIndex((line, at) => line !== old[at]);
  const line = index === -1 ? current.length : index;
  return (
    `${file} is out of date: run ${command}. ` +
    `Line ${line + 1} is ${shown(old[line])}, and should be ${shown(current[line])}`
  );
}

const MAX_LINE_LENGTH = 160;

const shown = (line: string | undefined): string =>
  line === undefined ? "missing" : JSON.stringify(line.slice(0, MAX_LINE_LENGTH));
