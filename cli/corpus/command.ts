import { defineCommand } from "@packages/cli-kit/command";
import { choice, flag, integer, option, path, positionals } from "@packages/cli-kit/values";

const PRESETS = ["ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower"] as const;

export const corpus = defineCommand({
  name: "corpus",
  summary: "Processes odd video files with the processor's code and ffmpeg, and checks the streams.",
  description: [
    "Without files, it makes the project's own corpus: kinds of files that people upload, each with its expected result.",
    "It prints the length of the decoded picture, the peak memory of the processor with ffmpeg, the offset between",
    "picture and sound, the SSIM and the mean colour error (of 255) of a reference frame, and the largest error of a",
    "bandwidth in the master playlist.",
  ].join("\n"),
  examples: ["", "--only webm-live", "--json FILE"],
  positionals: { files: positionals(path("FILE"), "files to process (default: the corpus)", { min: 0 }) },
  options: {
    only: option(
      { placeholder: "NAME", allowed: "names of the corpus, separated by commas", read: names },
      "cases of the corpus to process",
    ),
    json: flag("print one JSON object a file"),
    preset: option(choice("PRESET", PRESETS), "x264 preset", { default: "veryfast" }),
    timeout: option(integer("SECONDS", { min: 1, max: 86_400 }), "time limit of a file", { default: "900" }),
  },
  exitsWith1When: "a result is wrong",
  check: ({ only, files }) =>
    only !== undefined && files.length > 0 ? "--only is for the corpus, without files" : undefined,
  run: async ({ files, only, json, preset, timeout }, context) => {
    const { runCorpus } = await import("./run");
    return runCorpus({ files, only, json, preset, timeoutSeconds: timeout }, context);
  },
});

function names(value: string): string[] | undefined {
  const list = value.split(",");
  return list.every((name) => /^[\w.-]+$/.test(name)) ? list : undefined;
}
