import {
  AmbientLight,
  Box3,
  Color,
  DirectionalLight,
  Mesh,
  MeshStandardMaterial,
  type Object3D,
  PerspectiveCamera,
  Scene,
  Vector3,
  WebGLRenderer,
} from "three";
import { OrbitControls } from "three/examples/jsm/controls/OrbitControls.js";
import { GLTFLoader } from "three/examples/jsm/loaders/GLTFLoader.js";
import { OBJLoader } from "three/examples/jsm/loaders/OBJLoader.js";
import { STLLoader } from "three/examples/jsm/loaders/STLLoader.js";

/** A model that can be turned, drawn only when it moves. */
export interface ModelScene {
  resize(width: number, height: number): void;
  reset(): void;
  dispose(): void;
}

/** Shows the model at `address` (glTF, GLB, OBJ or STL, by the ending of `name`). Throws where it cannot be read. */
export async function showModel(element: HTMLCanvasElement, address: string, name: string): Promise<ModelScene> {
  const object = await loadModel(address, name);
  const renderer = new WebGLRenderer({ canvas: element, antialias: true, alpha: true });
  renderer.setPixelRatio(devicePixelRatio);
  const scene = new Scene();
  scene.add(object, new AmbientLight(0xffffff, 1.6));
  const light = new DirectionalLight(0xffffff, 2.2);
  light.position.set(2, 4, 3);
  scene.add(light);

  const box = new Box3().setFromObject(object);
  const centre = box.getCenter(new Vector3());
  const reach = Math.max(box.getSize(new Vector3()).length(), 0.001);
  const camera = new PerspectiveCamera(40, 1, reach / 100, reach * 100);
  const controls = new OrbitControls(camera, element);
  const draw = (): void => renderer.render(scene, camera);
  controls.addEventListener("change", draw);

  function reset(): void {
    controls.target.copy(centre);
    camera.position.copy(centre).add(new Vector3(0.6, 0.45, 1).multiplyScalar(reach));
    controls.update();
    draw();
  }
  reset();
  return {
    reset,
    resize: (width, height) => {
      renderer.setSize(width, height, false);
      camera.aspect = width / height;
      camera.updateProjectionMatrix();
      draw();
    },
    dispose: () => {
      controls.dispose();
      renderer.dispose();
    },
  };
}

async function loadModel(address: string, name: string): Promise<Object3D> {
  if (/\.stl$/i.test(name)) {
    return new Mesh(await new STLLoader().loadAsync(address), new MeshStandardMaterial({ color: new Color("silver") }));
  }
  if (/\.obj$/i.test(name)) return await new OBJLoader().loadAsync(address);
  return (await new GLTFLoader().loadAsync(address)).scene;
}
