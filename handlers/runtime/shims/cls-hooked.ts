import { AsyncLocalStorage } from "node:async_hooks";

type Context = Record<string, unknown>;

class Namespace {
  private readonly storage = new AsyncLocalStorage<Context>();
  /** Entered at start, never left. */
  private entered: Context | undefined;

  /** Inherits values of the current context. */
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
    if (this.active === undefined) throw new Error("values can only be set inside of a context");
    return (this.active[key] = value);
  }

  private get active(): Context | undefined {
    return this.storage.getStore() ?? this.entered;
  }
}

const namespaces = new Map<string, Namespace>();

/**
 * Replaces `cls-hooked` for `aws-xray-sdk-core` with Node.js's AsyncLocalStorage. The package adds JavaScript hooks to
 * every promise, which cost more than most requests.
 */
export function createNamespace(name: string): Namespace {
  const namespace = new Namespace();
  namespaces.set(name, namespace);
  return namespace;
}

export function getNamespace(name: string): Namespace | undefined {
  return namespaces.get(name);
}
