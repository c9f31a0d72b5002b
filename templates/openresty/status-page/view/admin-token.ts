/** The admin token: in the memory of the page, and in the tab's session storage only for those who ask for it. */
const KEY = "autoscale-admin-token";

export interface AdminToken {
  /** Empty when none is known. */
  read(): string;
  readonly remembered: boolean;
  keep(token: string, remember: boolean): void;
  forget(): void;
}

export function adminToken(): AdminToken {
  let token = stored() ?? "";
  return {
    read: () => token,
    get remembered() {
      return stored() !== undefined;
    },
    keep: (given, remember) => {
      token = given;
      store(remember ? given : undefined);
    },
    forget: () => {
      token = "";
      store(undefined);
    },
  };
}

function stored(): string | undefined {
  try {
    return sessionStorage.getItem(KEY) ?? undefined;
  } catch {
    // Storage is off in this browser: the memory of the page has to do.
    return undefined;
  }
}

function store(token: string | undefined): void {
  try {
    if (token === undefined) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, token);
  } catch {
    // As above.
  }
}
