"""Statistics of features, the maps that move them to a style's, and which parts of two pictures are alike.

What src/transfer does for one picture is done here for a batch, by nothing but products of matrices.
"""
import torch
import torch.nn.functional as F

TAPS = ["relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1"]  # style_taps()
CLUSTERS = 3
TEMPERATURE = 0.15  # of soft memberships, in cosines


def identity(m):
    return torch.eye(m.shape[-1], device=m.device, dtype=m.dtype)


def symmetric(m):
    return 0.5 * (m + m.transpose(-1, -2))


def mean_variance(covariance):
    return covariance.diagonal(dim1=-2, dim2=-1).mean(-1)


def moments(f, weights):
    """Features [n, c, p], weights [n, k, p] -> means [n, k, c], covariances [n, k, c, c]."""
    total = weights.sum(2).clamp_min(1e-6)
    centre = f.mean(2, keepdim=True).detach()
    f = f - centre
    mean = torch.einsum("nkp,ncp->nkc", weights, f) / total[..., None]
    second = torch.matmul(f[:, None] * weights[:, :, None], f[:, None].transpose(2, 3)) / total[..., None, None]
    return mean + centre.transpose(1, 2), second - mean[..., None] * mean[..., None, :]


def roots(m, iterations=18):
    """Root and inverse root of symmetric positive matrices [..., c, c] (coupled Newton-Schulz)."""
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


def with_ridge(mean, covariance, more, share=0.01):
    """As covariance_with_ridge() in src/transfer/transfer.cpp."""
    ridge = share * mean_variance(covariance).clamp_min(0) + more + 1e-5 * mean.pow(2).mean(-1) + 1e-8
    return covariance + ridge[..., None, None] * identity(covariance)


def transport(covariance, root):
    """R (R C R)^-1/2 R, which takes C to R^2."""
    return symmetric(root @ roots(symmetric(root @ covariance @ root))[1] @ root)


def normalised(f):
    """Each channel to mean 0 and deviation 1 over its picture, as the content loss does."""
    f = f.float()
    deviation = f.std((2, 3), keepdim=True) + 1e-3 * f.std((1, 2, 3), keepdim=True) + 1e-6
    return (f - f.mean((2, 3), keepdim=True)) / deviation


def clusters(painting, photo, k=CLUSTERS):
    """Soft memberships [n, k, p] of both pictures' positions, from relu4_1: k-means of the painting's
    normalised features by cosine; a photograph's belong to what they resemble, brought half way to the
    painting's shares."""
    def directions(f):
        f = normalised(f).flatten(2)
        return f / (f.norm(dim=1, keepdim=True) + 1e-6)
    own, others = directions(painting), directions(photo)
    n, c, p = own.shape
    at = (torch.rand(n, device=own.device) * p).long().clamp_max(p - 1)
    centres = own.gather(2, at.view(n, 1, 1).expand(n, c, 1))
    for _ in range(k - 1):  # the next by its squared distance (k-means++), drawn by Gumbel's trick
        distance = (1 - torch.bmm(centres.transpose(1, 2), own).amax(1)).clamp_min(1e-4)
        gumbel = -torch.log(-torch.log(torch.rand(n, p, device=own.device).clamp(1e-6, 1 - 1e-6)))
        at = (2 * distance.log() + gumbel).argmax(1)
        centres = torch.cat([centres, own.gather(2, at.view(n, 1, 1).expand(n, c, 1))], 2)
    for _ in range(10):
        nearest = torch.bmm(centres.transpose(1, 2), own).argmax(1)
        member = (nearest[..., None] == torch.arange(k, device=own.device)).float()
        total = torch.bmm(own, member)
        centre = total / (total.norm(dim=1, keepdim=True) + 1e-6)
        centres = torch.where(member.sum(1, keepdim=True) > 0, centre, centres)
    of_painting = F.softmax(torch.bmm(centres.transpose(1, 2), own) / TEMPERATURE, 1)
    likeness = torch.bmm(centres.transpose(1, 2), others) / TEMPERATURE
    wanted = 0.5 * F.softmax(likeness, 1).mean(2) + 0.5 * of_painting.mean(2)
    bias = torch.zeros_like(wanted)
    for _ in range(8):
        bias = bias + (wanted / (F.softmax(likeness + bias[..., None], 1).mean(2) + 1e-6)).log()
    return of_painting, F.softmax(likeness + bias[..., None], 1)


def brought_to(memberships, features):
    """[n, k, h, w] of relu4_1's size -> [n, k, p] of these features'."""
    size = features.shape[2:]
    if memberships.shape[2] > size[0]:
        memberships = F.avg_pool2d(memberships, memberships.shape[2] // size[0])
    elif memberships.shape[2:] != size:
        memberships = F.interpolate(memberships, size, mode="bilinear", align_corners=False)
    return memberships.flatten(2)


class Look:
    """Statistics of colours and taps: of all, then of each cluster (none of colours and relu5_1)."""

    def __init__(self, rgb, taps, memberships=None):
        self.mean, self.covariance = {}, {}
        for name, f in [("colours", rgb)] + [(t, taps[t]) for t in TAPS]:
            f = f.float()
            weights = torch.ones(f.shape[0], 1, f.shape[2] * f.shape[3], device=f.device)
            if memberships is not None and name not in ("colours", "relu5_1"):
                weights = torch.cat([weights, brought_to(memberships, f)], 1)
            self.mean[name], self.covariance[name] = moments(f.flatten(2), weights)

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
        variance = look.covariance[t][:, 0].diagonal(dim1=-2, dim2=-1)
        numbers += [look.mean[t][:, 0], variance.clamp_min(0).sqrt()]
    return torch.cat(numbers, 1)


@torch.no_grad()
def transfer(content, style, taps, wanted, memberships, share, match):
    """Features {tap: [n, c, h, w]} of the wanted taps, moved `share` of the way to the style's statistics:
    those of all, and by `match` those of the clusters; and the Look that is reached."""
    reached = Look.__new__(Look)
    reached.mean, reached.covariance, moved = {}, {}, {}
    s = share.view(-1, 1, 1, 1)
    for t in ["colours"] + TAPS:
        mean, covariance, goal = content.mean[t], content.covariance[t], style.covariance[t]
        root = roots(with_ridge(style.mean[t], goal, 0))[0]
        more = 0.003 * mean_variance(goal).clamp_min(0)
        m = s * transport(with_ridge(mean, covariance, more), root) + (1 - s) * identity(goal)
        to = s[..., 0] * style.mean[t] + (1 - s[..., 0]) * mean
        bias = to - torch.einsum("nkij,nkj->nki", m, mean)
        reached.mean[t], reached.covariance[t] = to, m @ covariance @ m
        if t not in wanted:
            continue
        flat = taps[t].float().flatten(2)
        out = torch.bmm(m[:, 0], flat) + bias[:, 0, :, None]
        if m.shape[1] > 1:
            weights = brought_to(memberships, taps[t])[:, :, None]
            parts = ((torch.matmul(m[:, 1:], flat[:, None]) + bias[:, 1:, :, None]) * weights).sum(1)
            out = out + match.view(-1, 1, 1) * (parts - out)
        moved[t] = out.view_as(taps[t]).to(taps[t].dtype)
    return moved, reached
