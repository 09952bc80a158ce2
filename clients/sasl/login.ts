import { type SaslCredentials, SaslError, type SaslMechanism } from './mechanism.ts';

/** LOGIN: user and password, each to its prompt, whose words vary between servers (draft-murchison-sasl-login-00). */
export function createLogin({ user, password }: SaslCredentials): SaslMechanism {
  const answers = [user, password];
  const next = () => {
    const answer = answers.shift();
    if (answer === undefined) throw new SaslError('LOGIN', 'a third prompt');
    return Buffer.from(answer, 'utf8');
  };
  return {
    name: 'LOGIN',
    initial: next,
    waits: true,
    respond: next,
    secrets: [password],
  };
}
