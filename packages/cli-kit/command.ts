import { type Confirmation, terminalQuestion } from "./confirm";
import { asksForHelp, type Options, parseCommandLine, type Positionals } from "./parse-command-line";
import { Steps } from "./progress";
import { Refusal } from "./refusal";
import { Shutdown } from "./shutdown";
import { commandLine, usageText } from "./usage";
import { type Option, type Positional, UsageError } from "./values";

/** Input of `run`, with the keys of the options or positionals. */
export type InputOf<Definitions> = {
  readonly [Key in keyof Definitions]: Definitions[Key] extends Option<infer Value> | Positional<infer Value>
    ? Value
    : never;
};

/** What a command gets in addition to its input. */
export interface CommandContext {
  /** Progress on standard output. */
  readonly steps: Steps;
  /** Orderly end of the process on a signal. */
  readonly shutdown: Shutdown;
  /** Confirmation by the command's option `yes`, or on the terminal. */
  readonly confirmation: Confirmation;
  /** Prints a result line to standard output. */
  readonly print: (line: string) => void;
}

/** Exit code; 1 if the command worked and found a problem, which it has printed. */
export type Outcome = void | 0 | 1;

export interface CommandDefinition<Opts extends Options, Places extends Positionals> {
  /** Script name in package.json. */
  readonly name: string;
  /** One sentence about what it does. */
  readonly summary: string;
  /** Additional text for `--help`. */
  readonly description?: string;
  /** Arguments of valid command lines, without the command. */
  readonly examples: readonly [string, ...string[]];
  /** Options by key; `dryRun` is typed `--dry-run`. */
  readonly options?: Opts;
  /** Positionals in order. */
  readonly positionals?: Places;
  /** When the exit code is 1 although nothing failed; completes "1: failed, or …". */
  readonly exitsWith1When?: string;
  /**
   * Text printed on a signal.
   * @default "stopping"
   */
  readonly onSignal?: string;
  /** Returns why values can't be combined; undefined if they can. */
  readonly check?: (input: InputOf<Opts> & InputOf<Places>) => string | undefined;
  /**
   * Runs the command. Import heavy modules inside, so that --help and usage errors are fast. Throws a Refusal if it
   * declines to act. After it resolves, running child processes are stopped.
   */
  readonly run: (input: InputOf<Opts> & InputOf<Places>, context: CommandContext) => Promise<Outcome>;
}

export interface Command<Input = unknown> {
  readonly name: string;
  readonly summary: string;
  readonly examples: readonly string[];
  /** Command without arguments: `npm run plan`, `npm start`. */
  readonly invocation: string;
  readonly onSignal: string;
  /** The text that `--help` prints. */
  readonly usage: string;
  /** Parses a command line. Throws a UsageError with a one-line message. */
  parse(this: void, args: readonly string[]): Input;
  run(this: void, input: Input, context: CommandContext): Promise<Outcome>;
}

/** npm scripts that don't need `run`. */
const LIFECYCLE_SCRIPTS = ["start", "test"];

export function defineCommand<
  Opts extends Options = Record<never, never>,
  Places extends Positionals = Record<never, never>,
>(definition: CommandDefinition<Opts, Places>): Command<InputOf<Opts> & InputOf<Places>> {
  const { name, summary, examples, check, onSignal = "stopping" } = definition;
  const { options = {}, positionals = {}, description, exitsWith1When } = definition;
  const invocation = LIFECYCLE_SCRIPTS.includes(name) ? `npm ${name}` : `npm run ${name}`;
  return {
    name,
    summary,
    examples,
    invocation,
    onSignal,
    usage: usageText({ invocation, summary, description, options, positionals, examples, exitsWith1When }),
    parse(args) {
      try {
        const input = parseCommandLine(args, options, positionals) as InputOf<Opts> & InputOf<Places>;
        const fault = check?.(input);
        if (fault !== undefined) throw new UsageError(fault);
        return input;
      } catch (error) {
        if (!(error instanceof UsageError)) throw error;
        const help = commandLine(invocation, "--help");
        throw new UsageError(`${invocation}: ${error.message}; see ${help}`);
      }
    },
    run: (input, context) => definition.run(input, context),
  };
}

/**
 * Runs a command and ends the process. Exit code 0: done; 1: failed; 2: wrong usage or refused, nothing changed; 128 +
 * signal number after a signal.
 */
export async function runCommand(command: Command, args: readonly string[]): Promise<void> {
  if (asksForHelp(args)) return void process.stdout.write(command.usage);
  let input: unknown;
  try {
    input = command.parse(args);
  } catch (error) {
    process.stderr.write(`${failureText(error)}\n`);
    process.exitCode = exitCodeOf(error);
    return;
  }
  const steps = new Steps();
  const shutdown = new Shutdown((signal) => steps.line(`${signal}: ${command.onSignal}`));
  shutdown.before(() => steps.end());
  const yes = (input as { readonly yes?: unknown }).yes === true;
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  try {
    const confirmation = { yes, ask: terminalQuestion() };
    const outcome = await command.run(input, { steps, shutdown, confirmation, print });
    await shutdown.exit(outcome ?? 0);
  } catch (error) {
    // failures during shutdown are caused by it
    if (!shutdown.underWay) {
      steps.end();
      process.stderr.write(`${failureText(error)}\n`);
    }
    await shutdown.exit(exitCodeOf(error));
  }
}

const exitCodeOf = (error: unknown): 1 | 2 => (error instanceof Refusal ? 2 : 1);

/** Text of a failure: the message; with the stack for programming errors or if CLI_DEBUG is set. */
export function failureText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // fetch throws a TypeError with a cause when it can't connect
  const mistake =
    (error instanceof TypeError && error.cause === undefined) ||
    error instanceof ReferenceError ||
    error instanceof RangeError;
  return mistake || process.env.CLI_DEBUG ? (error.stack ?? error.message) : error.message;
}
