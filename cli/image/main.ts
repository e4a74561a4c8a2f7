import { bundleProcessor } from "../../stacks/constructs/compute/program-files";

/** `npm run build:processor -- <folder>`: `.local/image` by default. */
const [folder = ".local/image"] = process.argv.slice(2);
for (const file of bundleProcessor(folder)) console.log(file);
