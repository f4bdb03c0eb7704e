import { ANSWER_KEY, CHANNEL, REDIRECT_KEY } from './engine/windows.ts';
import { TEXTS } from './texts.ts';

// The whole address is the answer. It leaves the history, where it could be found later.
const answer = location.href;
history.replaceState(undefined, '', location.pathname);

if (sessionStorage.getItem(REDIRECT_KEY) === null) {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage(answer);
  channel.close();
  const place = document.querySelector('#done');
  if (place !== null) place.textContent = TEXTS.signIn.windowDone;
} else {
  sessionStorage.setItem(ANSWER_KEY, answer);
  location.replace('/');
}
