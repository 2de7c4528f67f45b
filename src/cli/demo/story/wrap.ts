const WIDTH = 96;

/** Text in lines of a width that every terminal has, each behind the same margin. */
export function indented(text: string, margin = '   '): string {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    let line = '';
    for (const word of paragraph.split(' ')) {
      if (line !== '' && line.length + 1 + word.length > WIDTH) {
        lines.push(line);
        line = word;
      } else line = line === '' ? word : `${line} ${word}`;
    }
    lines.push(line);
  }
  return lines.map((line) => `${margin}${line}\n`).join('');
}
