import { type Confirmation, terminalQuestion } from "./confirm";
import { asksForHelp, type Options, parseCommandLine, type Positionals } from "./parse-command-line";
import { Steps } from "./progress";
import { Refusal } from "./refusal";
import { Shutdown } from "./shutdown";
import { commandLine, usageText } from "./usage";
import { type Option, type Positional, UsageError } from "./values";

/** What `run` gets for the definitions of options or of positionals, by the same keys. */
export type InputOf<Definitions> = {
  readonly [Key in keyof Definitions]: Definitions[Key] extends Option<infer Value> | Positional<infer Value>
    ? Value
    : never;
};

/** What a command works with besides its input. */
export interface CommandContext {
  /** Tells on standard output what is under way. */
  readonly steps: Steps;
  /** Ends the process in order on a signal. */
  readonly shutdown: Shutdown;
  /** How somebody can agree: by the option `yes` of the command, or on the terminal. */
  readonly confirmation: Confirmation;
  /** Writes a line of the result to standard output. */
  readonly print: (line: string) => void;
}

/** 1: it did its work and found something wrong, which it has printed. */
export type Outcome = void | 0 | 1;

export interface CommandDefinition<Opts extends Options, Places extends Positionals> {
  /** Script of package.json. */
  readonly name: string;
  /** What it does, in one sentence. */
  readonly summary: string;
  /** More for `--help`. */
  readonly description?: string;
  /** Arguments of command lines that work, without the command. */
  readonly examples: readonly [string, ...string[]];
  /** By keys such as `dryRun`, which is typed `--dry-run`. */
  readonly options?: Opts;
  /** In their order. */
  readonly positionals?: Places;
  /** When the exit code is 1 although nothing failed; completes "1: it failed, or …". */
  readonly exitsWith1When?: string;
  /** What is told on a signal: "stopping" by default. */
  readonly onSignal?: string;
  /** Why values do not go together; undefined when they do. */
  readonly check?: (input: InputOf<Opts> & InputOf<Places>) => string | undefined;
  /**
   * Does it. Import what is heavy in here, so that help and refusals are quick. Throws a Refusal when it does nothing
   * on purpose. When it resolves, what is still running is stopped.
   */
  readonly run: (input: InputOf<Opts> & InputOf<Places>, context: CommandContext) => Promise<Outcome>;
}

export interface Command<Input = unknown> {
  readonly name: string;
  readonly summary: string;
  readonly examples: readonly string[];
  /** How it is typed, without arguments: `npm run plan`, `npm start`. */
  readonly invocation: string;
  readonly onSignal: string;
  /** The text that `--help` prints. */
  readonly usage: string;
  /** Reads a command line. Throws a UsageError of one line. */
  parse(this: void, args: readonly string[]): Input;
  run(this: void, input: Input, context: CommandContext): Promise<Outcome>;
}

/** Scripts that npm runs without `run`. */
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
 * Runs a command with its arguments, and ends the process. Exit code 0: done; 1: it failed; 2: wrong usage, or refused
 * with nothing changed; 128 and the signal's number after a signal.
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
    // what fails while everything is being stopped fails because of that
    if (!shutdown.underWay) {
      steps.end();
      process.stderr.write(`${failureText(error)}\n`);
    }
    await shutdown.exit(exitCodeOf(error));
  }
}

const exitCodeOf = (error: unknown): 1 | 2 => (error instanceof Refusal ? 2 : 1);

/** What is said of a failure: its message; the stack too for a mistake in the program, and where CLI_DEBUG is set. */
export function failureText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // fetch throws a TypeError with a cause when it can't connect
  const mistake =
    (error instanceof TypeError && error.cause === undefined) ||
    error instanceof ReferenceError ||
    error instanceof RangeError;
  return mistake || process.env.CLI_DEBUG ? (error.stack ?? error.message) : error.message;
}
