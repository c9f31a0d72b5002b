/** A fake of a terminal's screen: it knows the codes that `top` sends, and throws at any other. */

export interface ScreenFake {
  write(codes: string): void;
  /** Without the spaces at the end of each row. */
  rows(): string[];
}

// eslint-disable-next-line no-control-regex -- these are the codes
const TOKEN = /\u001b\[([?0-9;]*)([A-Za-z])|[\s\S]/gu;

export function screenFake(columns: number, height: number): ScreenFake {
  let cells: string[][] = [];
  let row = 0;
  let column = 0;
  const blank = (): string[] => Array.from({ length: columns }, () => " ");
  const clear = (): void => {
    cells = Array.from({ length: height }, blank);
  };
  const control = (parameters: string, letter: string): void => {
    if (letter === "H") [row, column] = parameters === "" ? [0, 0] : place(parameters);
    else if (letter === "J" && parameters === "2") clear();
    // The cursor waits on the last column after a full line; erasing there takes that character.
    else if (letter === "K") cells[row]?.fill(" ", Math.min(column, columns - 1));
    else if (!(letter === "m" || (parameters.startsWith("?") && /[hl]/.test(letter))))
      throw new Error(`unknown code ${parameters}${letter}`);
  };
  clear();
  return {
    write: (codes) => {
      for (const [token, parameters = "", letter] of codes.matchAll(TOKEN)) {
        if (letter !== undefined) control(parameters, letter);
        else {
          if (column >= columns || row >= height) throw new Error(`written outside: ${JSON.stringify(token)}`);
          cells[row]![column++] = token;
        }
      }
    },
    rows: () => cells.map((line) => line.join("").trimEnd()),
  };
}

function place(parameters: string): [number, number] {
  const [row = 1, column = 1] = parameters.split(";").map(Number);
  return [row - 1, column - 1];
}
