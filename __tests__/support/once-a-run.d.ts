/** The result of `make`, computed by the first test file of this run: see once-a-run.js. */
export function onceARun<Made>(key: string, make: () => Made): Made;
