import { bodyOf, refusalText, type Control } from "../model/controls.ts";
import { TIMEOUT_SECONDS } from "../model/polling.ts";
import { adminToken } from "./admin-token.ts";
import { at, find, setText } from "./dom.ts";

/**
 * The dialog in which a change is confirmed. The browser keeps the focus inside while it is open, closes it on Escape, and
 * gives the focus back to the button it was opened from.
 * @param done called after the gateway has made the change
 * @returns opens it for a change
 */
export function controlDialog(done: (control: Control) => void): (control: Control) => void {
  const dialog = find(document, "#control", HTMLDialogElement);
  const form = find(dialog, "form", HTMLFormElement);
  const input = (name: string): HTMLInputElement => find(form, `[name="${name}"]`, HTMLInputElement);
  const ttl = find(form, '[name="ttl"]', HTMLSelectElement);
  const confirm = find(form, '[data-at="confirm"]', HTMLButtonElement);
  const refusal = find(dialog, "#control-refusal", HTMLElement);
  const token = adminToken();
  let asked: Control | undefined;

  const send = async (control: Control): Promise<void> => {
    const given = { ttlSeconds: Number(ttl.value), reason: input("reason").value };
    setText(refusal, "");
    confirm.disabled = true;
    const problem = await put(control, given, input("token").value).catch(unreachable);
    confirm.disabled = false;
    if (problem === undefined) {
      token.keep(input("token").value, input("remember").checked);
      dialog.close();
      done(control);
      return;
    }
    if (problem.tokenIsWrong) token.forget();
    setText(refusal, problem.text);
    (problem.tokenIsWrong ? input("token") : confirm).focus();
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (asked !== undefined && !confirm.disabled) void send(asked);
  });
  at(dialog, "cancel").addEventListener("click", () => dialog.close());

  return (control) => {
    asked = control;
    setText(find(dialog, "#control-title", HTMLElement), control.title);
    setText(find(dialog, "#control-effect", HTMLElement), control.effect);
    setText(confirm, control.label);
    setText(refusal, "");
    at(dialog, "ttl-field").hidden = !control.expires;
    input("reason").value = "";
    input("token").value = token.read();
    input("remember").checked = token.remembered;
    dialog.showModal();
    (token.read() === "" ? input("token") : confirm).focus();
  };
}

interface Problem {
  readonly text: string;
  readonly tokenIsWrong: boolean;
}

async function put(
  control: Control,
  given: { readonly ttlSeconds: number; readonly reason: string },
  token: string,
): Promise<Problem | undefined> {
  const answer = await fetch(control.path, {
    method: "PUT",
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}` },
    body: JSON.stringify(bodyOf(control, given)),
    signal: AbortSignal.timeout(TIMEOUT_SECONDS * 1000),
  });
  if (answer.ok) return undefined;
  return { text: refusalText(answer.status, await answer.text()), tokenIsWrong: answer.status === 401 };
}

function unreachable(): Problem {
  return { text: "The gateway did not answer; nothing may have changed.", tokenIsWrong: false };
}
