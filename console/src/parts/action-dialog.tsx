import { useEffect, useRef, useState } from 'preact/hooks';
import type { RolloutView } from '../../../src/api/schemas/rollout';
import { Refused, sentenceOf, type Client } from '../api/client';
import { actionsFor, type ActionName } from '../model/actions';
import { percentText } from '../model/texts';
import { blastRadius, objection, percentageIn, requestFor, wordToType, type Draft } from '../model/wish';

interface ActionDialogProps {
  readonly action: ActionName;
  readonly view: RolloutView;
  readonly client: Client;
  readonly onChanged: (view: RolloutView) => void;
  /** The server has a newer one; nothing was changed. */
  readonly onSeen: (view: RolloutView) => void;
  readonly onClose: () => void;
}

/** Refusals that a confirmation lifts. */
const WANTS_CONFIRMATION: ReadonlySet<string> = new Set(['rollout.confirmation_required', 'gate.closed']);

/** One change: what, why, and a second look where the server asks for one. */
export function ActionDialog(props: ActionDialogProps) {
  const { action, view, onClose } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  // Closing gives the focus back to the button; only taking the dialog away would not.
  const close = (): void => dialog.current?.close();
  const { draft, typed, setTyped, refusal, confirming, busy, word, edit, submit } = useWish(props, close);
  const about = actionsFor(view, 'admin').find(({ name }) => name === action);
  return (
    <dialog ref={dialog} aria-labelledby="dialog-title" onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <h2 id="dialog-title">{about?.label}</h2>
        <p>{about?.what}</p>
        {action === 'set' && <PercentageFields draft={draft} view={view} onEdit={edit} />}
        <label for="reason">Reason</label>
        <textarea
          id="reason"
          rows={2}
          maxLength={500}
          required
          value={draft.reason}
          onInput={(event) => edit({ reason: event.currentTarget.value })}
        />
        {confirming && (
          <>
            <label for="typed">Type {word} to confirm</label>
            <input
              id="typed"
              inputMode="decimal"
              autocomplete="off"
              value={typed}
              onInput={(event) => setTyped(event.currentTarget.value)}
            />
          </>
        )}
        <p role="alert" class="refusal">
          {refusal}
        </p>
        <div class="buttons">
          <button type="button" onClick={close}>
            Cancel
          </button>
          <button type="submit" class={action === 'rollback' ? 'danger' : 'primary'} aria-disabled={busy}>
            {confirming ? `${about?.label ?? ''}, confirmed` : about?.label}
          </button>
        </div>
      </form>
    </dialog>
  );
}

/** The way of a wish to the server. It is sent when a person says so, and never a second time by itself. */
function useWish({ action, view, client, onChanged, onSeen }: ActionDialogProps, close: () => void) {
  const [draft, setDraft] = useState<Draft>({ percentage: String(view.plan.percentage), reason: '' });
  const [typed, setTyped] = useState('');
  const [refusal, setRefusal] = useState('');
  const [confirming, setConfirming] = useState(false);
  const [busy, setBusy] = useState(false);
  // The one that somebody has looked at: a change in between must be seen before anything is sent.
  const [revision, setRevision] = useState(view.plan.revision);
  const word = wordToType(action, draft, view);

  const refused = async (error: unknown): Promise<void> => {
    setRefusal(sentenceOf(error));
    if (!(error instanceof Refused)) return;
    if (WANTS_CONFIRMATION.has(error.code)) setConfirming(true);
    if (error.status !== 412) return;
    const present = await client.rollout();
    onSeen(present);
    setRevision(present.plan.revision);
    setConfirming(false);
    setRefusal(changedMeanwhile(present));
  };
  const send = async (): Promise<void> => {
    setBusy(true);
    setRefusal('');
    try {
      onChanged(await client.change(requestFor(action, draft, confirming), revision));
      close();
    } catch (error) {
      await refused(error).catch((second: unknown) => setRefusal(sentenceOf(second)));
    } finally {
      setBusy(false);
    }
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    if (busy) return;
    const isTyped = percentageIn(typed) === Number(word);
    const problem =
      objection(action, draft, view) ?? (confirming && !isTyped ? `Type ${word} to confirm.` : undefined);
    if (problem === undefined) void send();
    else setRefusal(problem);
  };
  const edit = (change: Partial<Draft>): void => {
    setDraft({ ...draft, ...change });
    if (change.percentage === undefined) return;
    setConfirming(false);
    setTyped('');
  };
  return { draft, typed, setTyped, refusal, confirming, busy, word, edit, submit };
}

interface PercentageFieldsProps {
  readonly draft: Draft;
  readonly view: RolloutView;
  readonly onEdit: (change: Partial<Draft>) => void;
}

function PercentageFields({ draft, view, onEdit }: PercentageFieldsProps) {
  const percentage = percentageIn(draft.percentage);
  return (
    <>
      <label for="percentage">Percentage of the fleet on new</label>
      <input
        id="percentage"
        inputMode="decimal"
        autocomplete="off"
        value={draft.percentage}
        aria-describedby="blast"
        onInput={(event) => onEdit({ percentage: event.currentTarget.value })}
      />
      <input
        type="range"
        min="0"
        max="100"
        step="1"
        aria-label="Percentage, roughly"
        value={percentage ?? view.plan.percentage}
        onInput={(event) => onEdit({ percentage: event.currentTarget.value })}
      />
      <p id="blast" class="note">
        {percentage === undefined ? 'A number from 0 to 100.' : blastRadius(view, percentage)}
      </p>
    </>
  );
}

function changedMeanwhile({ plan, automation }: RolloutView): string {
  return `Nothing was sent on: ${plan.setBy} has changed it meanwhile (“${plan.reason}”). It is at ${percentText(plan.percentage)}, ${automation.kind}, revision ${plan.revision} now. Look again, and send it once more if you still want it.`;
}
