/**
 * The reader's camera for an instrument, on request: one still picture, which stays in the page. The camera is on only
 * while its picture can be seen.
 */

import { element } from "../cells/element.js";

/** Why there is no camera, by the name of the browser's error. */
const REFUSED = {
  NotAllowedError: WORDS.camera.refused,
  NotFoundError: WORDS.camera.none,
  NotReadableError: WORDS.camera.busy,
};

/** Mean brightness, 0 to 255, below which a picture counts as black; a lens under a finger gives about 5. */
const BLACK = 12;

/** Milliseconds between two looks at how bright it is. */
const LOOK = 400;

/**
 * Shows what the camera sees until a picture is taken or the reader turns away.
 * @returns {Promise<ImageBitmap | null>} null when no picture is wanted after all
 * @throws {Error} with a sentence for the reader when there is no camera, or when it goes away
 */
export async function photograph() {
  const stream = await navigator.mediaDevices
    .getUserMedia({ video: { facingMode: "environment", width: { ideal: 1024 } } })
    .catch((error) => {
      throw new Error(REFUSED[/** @type {keyof typeof REFUSED} */ (error.name)] ?? WORDS.camera.unusable);
    });
  try {
    return await taken(stream);
  } finally {
    for (const track of stream.getTracks()) track.stop();
  }
}

/**
 * @param {MediaStream} stream
 * @returns {Promise<ImageBitmap | null>}
 */
async function taken(stream) {
  const video = Object.assign(document.createElement("video"), { muted: true, playsInline: true, srcObject: stream });
  video.setAttribute("aria-label", WORDS.camera.sees);
  const hint = element("p", "hint");
  hint.setAttribute("role", "status");
  const take = button(WORDS.camera.take);
  const leave = button(WORDS.site.close);
  const dialog = document.createElement("dialog");
  dialog.className = "picture-large";
  dialog.setAttribute("aria-label", WORDS.camera.camera);
  const bar = element("div", "picture-bar");
  bar.append(take, leave);
  dialog.append(video, hint, bar);
  document.body.append(dialog);
  const look = setInterval(() => {
    hint.textContent = brightness(video) < BLACK ? WORDS.camera.dark : WORDS.camera.stays;
  }, LOOK);
  try {
    return await new Promise((resolve, reject) => {
      take.addEventListener("click", () =>
        createImageBitmap(video).then(resolve, () => reject(new Error(WORDS.camera.gone))),
      );
      leave.addEventListener("click", () => resolve(null));
      dialog.addEventListener("close", () => resolve(null));
      for (const track of stream.getTracks())
        track.addEventListener("ended", () => reject(new Error(WORDS.camera.gone)));
      dialog.showModal();
      video.play().catch(() => {}); // it plays once the page may, and shows the last picture until then
    });
  } finally {
    clearInterval(look);
    dialog.remove();
  }
}

/** @param {string} words */
function button(words) {
  return Object.assign(element("button", "button", words), { type: "button" });
}

/**
 * Mean brightness, 0 to 255, of what a video shows; as bright as can be while it shows nothing yet.
 * @param {HTMLVideoElement} video
 */
function brightness(video) {
  const canvas = Object.assign(document.createElement("canvas"), { width: 8, height: 8 });
  const context = canvas.getContext("2d");
  if (!context || !video.videoWidth) return 255;
  context.drawImage(video, 0, 0, 8, 8);
  const { data } = context.getImageData(0, 0, 8, 8);
  const values = data.filter((_, i) => i % 4 !== 3);
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
