/** Called with an image: its own width in pixels once it is decoded; rejects if it cannot be. */
async (image) => {
  await image.decode();
  return image.naturalWidth;
};
