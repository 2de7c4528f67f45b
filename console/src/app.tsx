import { useEffect, useState } from 'preact/hooks';
import type { MeView } from '../../src/api/schemas/overview';
import { Client, Refused, sentenceOf } from './api/client';
import { savedToken, saveToken } from './api/token';
import { maySee } from './model/actions';
import { BoardPage } from './parts/board-page';
import { SignIn } from './parts/sign-in';

type Session =
  | { readonly kind: 'asking' }
  | { readonly kind: 'signed_out'; readonly why: string | undefined }
  | { readonly kind: 'signed_in'; readonly client: Client; readonly me: MeView; readonly withToken: boolean };

/** Who looks, and then what there is to see. Where no tokens are configured nobody is asked for one. */
export function App() {
  const [session, setSession] = useState<Session>({ kind: 'asking' });

  const enter = async (token: string | undefined, isFirst: boolean): Promise<void> => {
    const client = new Client(token);
    try {
      const me = await client.me();
      saveToken(token);
      setSession({ kind: 'signed_in', client, me, withToken: token !== undefined });
    } catch (error) {
      const isExpected = isFirst && token === undefined && error instanceof Refused && error.status === 401;
      if (error instanceof Refused && error.status === 401) saveToken(undefined);
      setSession({ kind: 'signed_out', why: isExpected ? undefined : sentenceOf(error) });
    }
  };
  const leave = (why?: string): void => {
    saveToken(undefined);
    setSession({ kind: 'signed_out', why });
  };
  useEffect(() => void enter(savedToken(), true), []);

  if (session.kind === 'asking') return <p class="center">Asking the server …</p>;
  if (session.kind === 'signed_out')
    return <SignIn why={session.why} onToken={(token) => enter(token, false)} />;
  const { client, me, withToken } = session;
  if (!maySee(me.role))
    return (
      <SignIn
        why={`“${me.name}” is ${me.role}, and that role sees no rollout.`}
        onToken={(token) => enter(token, false)}
      />
    );
  return <BoardPage client={client} me={me} onLeave={withToken ? leave : undefined} onSignedOut={leave} />;
}
