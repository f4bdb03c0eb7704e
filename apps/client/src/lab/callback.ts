import {
  ANSWER_KEY,
  type CallbackMessage,
  CHANNEL,
  REDIRECT_KEY,
  tabStorage,
} from './engine/windows.ts';
import { TEXTS } from './texts.ts';

// The whole address is the answer. It leaves the history, where it could be found later.
const answer = location.href;
history.replaceState(undefined, '', location.pathname);

if (tabStorage.get(REDIRECT_KEY) === null) {
  const channel = new BroadcastChannel(CHANNEL);
  const message: CallbackMessage = { window: window.name, url: answer };
  channel.postMessage(message);
  channel.close();
  const place = document.querySelector('#done');
  if (place !== null) place.textContent = TEXTS.signIn.windowDone;
} else {
  tabStorage.set(ANSWER_KEY, answer);
  location.replace('/');
}
