"""Statistics of features, and the maps that move them to a style's.

What src/transfer does for one picture is done here for a batch, by nothing but products of matrices.
"""
import torch
import torch.nn.functional as F

TAPS = ["relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1"]  # style_taps()
RIDGE = 0.01  # of the mean variance


def identity(m):
    return torch.eye(m.shape[-1], device=m.device, dtype=m.dtype)


def symmetric(m):
    return 0.5 * (m + m.transpose(-1, -2))


def mean_variance(covariance):
    return covariance.diagonal(dim1=-2, dim2=-1).mean(-1)


def positions(f):
    """[n, c, h, w] in channels_last -> [n, h w, c], the same memory."""
    return f.permute(0, 2, 3, 1).flatten(1, 2)


def moments(f):
    """Features [n, p, c] -> means [n, c], covariances [n, c, c]."""
    with torch.autocast(f.device.type, enabled=False):
        f = f.float()
        centre = f.mean(1, keepdim=True)
        deviation = f - centre
        return centre[:, 0], torch.bmm(deviation.transpose(1, 2), deviation) / f.shape[1]


class exact_products:
    """Within it, products of f32 matrices are not rounded to TF32."""

    def __enter__(self):
        self.was = torch.backends.cuda.matmul.allow_tf32
        torch.backends.cuda.matmul.allow_tf32 = False

    def __exit__(self, *_):
        torch.backends.cuda.matmul.allow_tf32 = self.was


def stacked(matrices):
    """[n, c, c] of several c as one [k, n, c, c] of the largest, the rest 0."""
    c = max(m.shape[-1] for m in matrices)
    return torch.stack([F.pad(m, (0, c - m.shape[-1], 0, c - m.shape[-1])) for m in matrices])


def apart(stack, matrices):
    return [m[:, :like.shape[-1], :like.shape[-1]] for m, like in zip(stack, matrices)]


def roots(m, iterations=18):
    """Roots and inverse roots of symmetric positive matrices [..., c, c] (coupled Newton-Schulz). Rows and
    columns of nothing but 0 stay so in the roots, and change nothing else."""
    shape = m.shape
    m = m.reshape(-1, shape[-1], shape[-1])
    scale = m.flatten(-2).norm(dim=-1)[..., None, None] + 1e-20
    y, z = m / scale, identity(m).expand_as(m).contiguous()
    three_halves = (1.5 * identity(m)).expand_as(m)
    for k in range(iterations):
        t = torch.baddbmm(three_halves, z, y, beta=1, alpha=-0.5)
        y, z = torch.bmm(y, t), torch.bmm(t, z)
        if k % 4 == 3:
            y, z = symmetric(y), symmetric(z)
    return (y * scale.sqrt()).view(shape), (z / scale.sqrt()).view(shape)


def with_ridge(mean, covariance, more, share=RIDGE):
    """As covariance_with_ridge() in src/transfer/transfer.cpp."""
    ridge = share * mean_variance(covariance).clamp_min(0) + more + 1e-5 * mean.pow(2).mean(-1) + 1e-8
    return covariance + ridge[..., None, None] * identity(covariance)


def transports(covariances, goals):
    """For each pair the symmetric matrix that takes covariance C to S: R (R C R)^-1/2 R with R = S^1/2."""
    with exact_products():
        root, c = roots(stacked(goals))[0], stacked(covariances)
        return apart(symmetric(root @ roots(symmetric(root @ c @ root))[1] @ root), goals)


def normalised(f):
    """Each channel to mean 0 and deviation 1 over its picture, as the content loss does."""
    f = f.float()
    deviation = f.std((2, 3), keepdim=True) + 1e-3 * f.std((1, 2, 3), keepdim=True) + 1e-6
    return (f - f.mean((2, 3), keepdim=True)) / deviation


def standardised(f, mean, covariance):
    """[n, c, h, w], each channel with mean 0 and deviation 1, less where it hardly varies."""
    variance = covariance.diagonal(dim1=-2, dim2=-1)
    deviation = (variance + RIDGE * mean_variance(covariance)[:, None] + 1e-6).sqrt()
    return ((f.float() - mean[:, :, None, None]) / deviation[:, :, None, None]).to(f.dtype)


class Look:
    """Statistics of colours and taps."""

    def __init__(self, rgb, taps):
        self.mean, self.covariance = {}, {}
        for name, f in [("colours", rgb)] + [(t, taps[t]) for t in TAPS]:
            self.mean[name], self.covariance[name] = moments(positions(f))

    def first(self, n):
        """Of the first n pictures."""
        part = Look.__new__(Look)
        part.mean = {t: m[:n] for t, m in self.mean.items()}
        part.covariance = {t: c[:n] for t, c in self.covariance.items()}
        return part


def code_numbers(look):
    """Mean and deviation of every channel of colours and taps, in the order of src/transfer/code.cpp."""
    numbers = []
    for t in ["colours"] + TAPS:
        variance = look.covariance[t].diagonal(dim1=-2, dim2=-1)
        numbers += [look.mean[t], variance.clamp_min(0).sqrt()]
    return torch.cat(numbers, 1)


@torch.no_grad()
def transfer(content, style, taps, wanted, share):
    """Features {tap: [n, c, h, w]} of the wanted taps, moved `share` of the way to the style's statistics; and
    the Look that is reached."""
    names = ["colours"] + TAPS
    more = [0.003 * mean_variance(style.covariance[t]).clamp_min(0) for t in names]
    maps = transports([with_ridge(content.mean[t], content.covariance[t], m) for t, m in zip(names, more)],
                      [with_ridge(style.mean[t], style.covariance[t], 0) for t in names])
    reached = Look.__new__(Look)
    reached.mean, reached.covariance, moved = {}, {}, {}
    s = share.view(-1, 1, 1)
    for t, m in zip(names, maps):
        mean = content.mean[t]
        m = s * m + (1 - s) * identity(m)
        to = s[..., 0] * style.mean[t] + (1 - s[..., 0]) * mean
        reached.mean[t] = to
        with exact_products():
            reached.covariance[t] = m @ content.covariance[t] @ m
        if t in wanted:
            f = taps[t]
            out = torch.baddbmm(to[:, None], positions(f).float() - mean[:, None], m)
            moved[t] = out.to(f.dtype).unflatten(1, f.shape[2:]).permute(0, 3, 1, 2)
    return moved, reached
