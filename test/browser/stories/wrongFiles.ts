import { chooseFile, type Stage } from '../stage.ts';

const files: readonly [name: string, content: string | Buffer, message: RegExp][] = [
  ['empty.csv', '', /empty/i],
  ['headers.csv', 'a,b,c\n', /1 header line and 0 rows/],
  ['notes.docx', Buffer.from([0x50, 0x4b, 3, 4, 20, 0, 0, 0, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9]), /damaged/],
  ['picture.png', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]), /PNG image/],
  ['ragged.csv', 'a,b\n1,2\n3,4,5\n6,7\n', /row 3|cells/i],
  ['quote.csv', 'a,b\n1,"2\n3,4\n', /quote/i],
];

/** Files that are no tables are refused with the place and the remedy, and the page goes on. */
export async function wrongFiles(stage: Stage): Promise<void> {
  const { context, page } = await stage.enter();
  stage.expectComplaints((message) => /status of 4\d\d .*\/btdataset/.test(message));
  for (const [name, content, message] of files) {
    await chooseFile(page, name, content);
    const alert = page.getByRole('alert');
    await alert.filter({ hasText: message }).waitFor();
    if (name === 'ragged.csv') await stage.examine(page, 'refused file');
  }
  await chooseFile(page, 'good.csv', 'x (g),y (MPa)\n1,2\n2,4.1\n3,5.9\n4,8.2\n');
  await page.getByRole('heading', { name: 'good', level: 1 }).waitFor();

  // What the table cannot give is told before anything is built.
  await page.goto(`${stage.server.url}/datasets/DST999999`);
  stage.expectComplaints((text) => /status of 404/.test(text));
  await page.getByText('There is no such dataset').waitFor();
  await stage.examine(page, 'unknown dataset');
  await page.goto(`${stage.server.url}/datasets/nonsense`);
  await page.getByText('There is nothing at this address').waitFor();
  await stage.examine(page, 'nothing here');
  await context.close();
}
