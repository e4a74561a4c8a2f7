/**
 * Returns a function that prints each kind of fault of event sources once, with the log that has all of them. Faults
 * that differ only in ids and numbers are of one kind.
 */
export function faultPrinter(print: (line: string) => void, log: string): (fault: string) => void {
  const printed = new Set<string>();
  return (fault) => {
    const kind = fault.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d+/g, "#");
    if (printed.has(kind)) return;
    printed.add(kind);
    print(`not delivered: ${fault} (${log})`);
  };
}
