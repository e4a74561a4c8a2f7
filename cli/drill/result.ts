/** What is promised, in seconds: how much may be lost, and how long it may take to have it back. */
export interface Objectives {
  readonly rpoSeconds: number;
  readonly rtoSeconds: number;
}

/** One thing that went wrong in a drill, and what was had back. */
export interface Scene {
  readonly what: string;
  /** Rows, objects, resources or videos that were compared; a drill that compared nothing has failed. */
  readonly compared: number;
  /** What was wrong with them; nothing, if the drill is to succeed. */
  readonly differences: readonly string[];
  /** Age of the oldest change that is lost, at the disaster; 0 when nothing is. */
  readonly rpoSeconds: number;
  /** From the decision until everything can be used. */
  readonly rtoSeconds: number;
}

export interface DrillResult {
  readonly title: string;
  /** What was compared: `rows`. */
  readonly unit: string;
  readonly objectives: Objectives;
  /** On what, and how much of it. */
  readonly setup: string;
  readonly scenes: readonly Scene[];
  /** What the figures mean, and what they don't. */
  readonly meaning: string;
}

/** A drill, which needs nothing but this machine. */
export interface Drill {
  /** Everything of it is kept in the folder, and deleted at the end. */
  run(folder: string, tell: (line: string) => void): Promise<DrillResult>;
}

/** Whether a drill keeps what is promised. */
export function keeps({ objectives, scenes }: DrillResult): boolean {
  return (
    scenes.length > 0 &&
    scenes.every(
      ({ compared, differences, rpoSeconds, rtoSeconds }) =>
        compared > 0 &&
        differences.length === 0 &&
        rpoSeconds <= objectives.rpoSeconds &&
        rtoSeconds <= objectives.rtoSeconds,
    )
  );
}

/** Seconds since a time in milliseconds. */
export const since = (began: number): number => (Date.now() - began) / 1_000;
