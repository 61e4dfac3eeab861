"""VGG-19's convolutions (Simonyan and Zisserman 2015) on PyTorch, from a safetensors file."""
import json
import struct

import torch
import torch.nn.functional as F

WIDTHS = ((64, 64), (128, 128), (256, 256, 256, 256), (512, 512, 512, 512), (512,))
MEAN_CAFFE = (103.939, 116.779, 123.68)  # BGR, 0..255
MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def read_safetensors(path):
    with open(path, "rb") as f:
        header = json.loads(f.read(struct.unpack("<Q", f.read(8))[0]))
        data = bytearray(f.read())
    types = {"F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16}
    tensors = {}
    for name, about in header.items():
        if name != "__metadata__":
            begin, end = about["data_offsets"]
            tensors[name] = torch.frombuffer(data[begin:end], dtype=types[about["dtype"]]) \
                .reshape(about["shape"]).float()
    return tensors


def write_safetensors(path, tensors):
    header, data = {}, b""
    for name, t in tensors.items():
        raw = t.detach().float().contiguous().numpy().tobytes()
        header[name] = {"dtype": "F32", "shape": list(t.shape),
                        "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text + data)


class Vgg19:
    """The layers up to `last` ("conv5_1"), as far as the file has them."""

    def __init__(self, path, last="conv5_1", dtype=torch.float32,
                 memory_format=torch.contiguous_format):
        tensors = read_safetensors(path)
        number = 0  # of the layer in torchvision's list, which counts ReLU and pooling too
        self.layers, self.memory_format = [], memory_format
        for block, widths in enumerate(WIDTHS, 1):
            for i in range(1, len(widths) + 1):
                name = f"conv{block}_{i}"
                key = name if name + ".weight" in tensors else f"features.{number}"
                number += 2
                if key + ".weight" not in tensors or any(n == last for n, _, _ in self.layers):
                    continue
                weight = tensors[key + ".weight"].to(dtype)
                weight = weight.contiguous(memory_format=memory_format)
                self.layers.append((name, weight, tensors[key + ".bias"].to(dtype)))
            number += 1
        # The Oxford weights want BGR 0..255; they are told by their first bias.
        self.caffe = abs(float(self.layers[0][2][0]) - 0.7301776) < 1e-2

    def taps(self, rgb, wanted):
        """Features by tap ("relu1_1") of [1, 3, h, w] RGB 0..1."""
        if self.caffe:
            x = rgb.flip(1) * 255 - rgb.new_tensor(MEAN_CAFFE).view(1, 3, 1, 1)
        else:
            x = (rgb - rgb.new_tensor(MEAN).view(1, 3, 1, 1)) / \
                rgb.new_tensor(DEVIATION).view(1, 3, 1, 1)
        x = x.to(self.layers[0][1].dtype).contiguous(memory_format=self.memory_format)
        found = {}
        for name, weight, bias in self.layers:
            if name.endswith("_1") and name != "conv1_1":
                x = F.max_pool2d(x, 2)
            x = F.relu_(F.conv2d(x, weight, bias, padding=1))
            tap = name.replace("conv", "relu")
            if tap in wanted:
                found[tap] = x
                if len(found) == len(set(wanted)):
                    break
        return found
