import { AsyncLocalStorage } from "node:async_hooks";

type Context = Record<string, unknown>;

class Namespace {
  private readonly storage = new AsyncLocalStorage<Context>();
  /** Entered at the start of the program, and never left. */
  private entered: Context | undefined;

  /** Sees what the context around it holds. */
  createContext(): Context {
    return Object.create(this.active ?? null) as Context;
  }

  enter(context: Context): void {
    this.entered = context;
  }

  run(work: (context: Context) => void): Context {
    const context = this.createContext();
    this.storage.run(context, work, context);
    return context;
  }

  get(key: string): unknown {
    return this.active?.[key];
  }

  set(key: string, value: unknown): unknown {
    if (this.active === undefined) throw new Error("nothing can be set outside of a context");
    return (this.active[key] = value);
  }

  private get active(): Context | undefined {
    return this.storage.getStore() ?? this.entered;
  }
}

const namespaces = new Map<string, Namespace>();

/**
 * `cls-hooked` for `aws-xray-sdk-core`, by what Node.js has of its own since: the package has Node call JavaScript at
 * the begin and the end of every promise of the function, which costs more than most requests do.
 */
export function createNamespace(name: string): Namespace {
  const namespace = new Namespace();
  namespaces.set(name, namespace);
  return namespace;
}

export function getNamespace(name: string): Namespace | undefined {
  return namespaces.get(name);
}
