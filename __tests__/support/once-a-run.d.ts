/** What `make` makes, from whichever test file of this run made it first: see once-a-run.js. */
export function onceARun<Made>(key: string, make: () => Made): Made;
