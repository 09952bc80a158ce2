/** The name of an attempt's test, after the configuration's. */
export function testNameOf(attempt: { id: string; title: string }): string {
  return `${attempt.id}: ${attempt.title}`;
}
