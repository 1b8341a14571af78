# A Llama decoder in TorchScript. Names in ${} are replaced by numbers and calls before the text is compiled.
#
#   ids     [batch, tokens], 64-bit      token ids, padded on the right
#   labels  [batch, tokens], 64-bit      the token that should follow; -100 where nothing is to be learnt
#   inv     [head_dim / 2]               inverse frequencies of the rotary embedding
#   w       base weights                 embedding, ${layer_weights} a layer, final norm, head
#   lora    adapters                     A and B of each adapted linear, layer by layer
#
# Padding follows every real token, and attention looks back only, so no mask is needed.
class Llama(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  def norm(self: __torch__.Llama, x: Tensor, weight: Tensor) -> Tensor:
    return torch.rms_norm(x, [${hidden}], weight, ${epsilon})

  # y = W x + s B A x
  def adapted(self: __torch__.Llama, x: Tensor, weight: Tensor, a: Tensor, b: Tensor) -> Tensor:
    update = torch.linear(torch.linear(x, a), b)
    return torch.add(torch.linear(x, weight), update, alpha=${scaling})

  # [batch, tokens, heads * head_dim] -> [batch, heads, tokens, head_dim]
  def split(self: __torch__.Llama, x: Tensor, heads: int) -> Tensor:
    shape = [torch.size(x, 0), torch.size(x, 1), heads, ${head_dim}]
    return torch.transpose(torch.reshape(x, shape), 1, 2)

  # x cos + rotate_half(x) sin, where rotate_half([a, b]) = [-b, a]
  def rotate(self: __torch__.Llama, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    a = torch.slice(x, -1, 0, ${half_dim})
    b = torch.slice(x, -1, ${half_dim}, ${head_dim})
    rotated = torch.cat([torch.neg(b), a], -1)
    return torch.add(torch.mul(x, cos), torch.mul(rotated, sin))

  def attention(self: __torch__.Llama, x: Tensor, cos: Tensor, sin: Tensor, w: List[Tensor]${lora_parameter}, i: int) -> Tensor:
    at = torch.add(torch.mul(i, ${layer_weights}), 1)
    q = (self).rotate((self).split(${q_proj}, ${heads}), cos, sin)
    k = (self).rotate((self).split(${k_proj}, ${kv_heads}), cos, sin)
    v = (self).split(${v_proj}, ${kv_heads})
    y = torch.scaled_dot_product_attention(q, k, v, None, 0., True, scale=None, enable_gqa=${grouped})
    x = torch.flatten(torch.transpose(y, 1, 2), 2)
    return ${o_proj}

  # down(silu(gate(x)) * up(x))
  def mlp(self: __torch__.Llama, x: Tensor, w: List[Tensor]${lora_parameter}, i: int) -> Tensor:
    at = torch.add(torch.mul(i, ${layer_weights}), 1)
    x = torch.mul(torch.silu(${gate_proj}), ${up_proj})
    return ${down_proj}

  # The last hidden state of every token, normed: [batch, tokens, hidden]
  def hidden(self: __torch__.Llama, ids: Tensor, inv: Tensor, w: List[Tensor]${lora_parameter}) -> Tensor:
    positions = torch.arange(torch.size(ids, 1), dtype=6)
    angles = torch.outer(positions, inv)
    angles = torch.cat([angles, angles], -1)
    cos = torch.cos(angles)
    sin = torch.sin(angles)
    x = torch.embedding(w[0], ids)
    for i in range(${layers}):
      at = torch.add(torch.mul(i, ${layer_weights}), 1)
      h = (self).norm(x, w[at])
      x = torch.add(x, (self).attention(h, cos, sin, w${lora_argument}, i))
      h = (self).norm(x, w[torch.add(at, 5)])
      x = torch.add(x, (self).mlp(h, w${lora_argument}, i))
    return (self).norm(x, w[${final_norm}])

  # [batch, tokens, vocabulary]
  def logits(self: __torch__.Llama, ids: Tensor, inv: Tensor, w: List[Tensor]${lora_parameter}) -> Tensor:
    _0 = torch.set_grad_enabled(False)
    return torch.linear((self).hidden(ids, inv, w${lora_argument}), w[${head}])

  # The likeliest token after the last one: [batch]
  def following(self: __torch__.Llama, ids: Tensor, inv: Tensor, w: List[Tensor]${lora_parameter}) -> Tensor:
    _0 = torch.set_grad_enabled(False)
    last = torch.select((self).hidden(ids, inv, w${lora_argument}), 1, -1)
    return torch.argmax(torch.linear(last, w[${head}]), -1)

  # Cross entropy, summed over the tokens that have a label and multiplied by scale. Rows without a label never reach
  # the head, whose logits are the largest tensor of a step. Gradients are added to grads.
  def step(self: __torch__.Llama, ids: Tensor, labels: Tensor, scale: Tensor, inv: Tensor, w: List[Tensor]${lora_parameter}, grads: List[Tensor]) -> Tensor:
    _0 = torch.set_grad_enabled(True)
    h = torch.flatten((self).hidden(ids, inv, w${lora_argument}), 0, 1)
    flat = torch.flatten(labels)
    rows = torch.nonzero(torch.ne(flat, -100))
    rows = torch.squeeze(rows, -1)
    scores = torch.linear(torch.index_select(h, 0, rows), w[${head}])
    loss = torch.cross_entropy_loss(scores, torch.index_select(flat, 0, rows), None, 2, -100, 0.)
    loss = torch.mul(loss, scale)
    found = torch.grad([loss], ${trained}, None, None, False, False)
    _1 = torch.set_grad_enabled(False)
    for j in range(torch.len(found)):
      g = found[j]
      _2 = torch.add_(grads[j], unchecked_cast(Tensor, g))
    return torch.detach(loss)

  # One step of AdamW on grads, which are first clipped to a common norm and last set to zero. hyper holds the learning
  # rate and the greatest norm. Returns the norm before clipping.
  def update(self: __torch__.Llama, hyper: Tensor, p: List[Tensor], grads: List[Tensor], m: List[Tensor], v: List[Tensor], t: List[Tensor]) -> Tensor:
    _0 = torch.set_grad_enabled(False)
    norm = torch.linalg_vector_norm(torch.stack(torch._foreach_norm(grads, 2)))
    factor = torch.clamp_max(torch.div(torch.select(hyper, 0, 1), torch.add(norm, ${clip_epsilon})), 1.)
    torch._foreach_mul_(grads, factor)
    torch._foreach_add_(t, 1)
    none = annotate(List[Tensor], [])
    torch._fused_adamw_(p, grads, m, v, none, t, lr=torch.select(hyper, 0, 0), beta1=${beta1}, beta2=${beta2}, weight_decay=${weight_decay}, eps=${adam_epsilon}, amsgrad=False, maximize=False)
    torch._foreach_zero_(grads)
    return norm
